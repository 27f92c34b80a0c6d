"""Read handwritten digits: load the data, build a network, train it, measure it, and use it.

It needs Keras and a library that computes for it: pip install keras tensorflow
"""

import keras
from keras import layers
from keras.datasets import mnist

# Load the data (notebook 1). The first time, this downloads 11 MB.
(train_images, train_labels), (test_images, test_labels) = mnist.load_data()

# Build the network (notebook 2). You may change the network, and the training below. Train the old
# and the new network with three seeds each. As in *Decide*, keep the change if all three new
# validation accuracies are above all three old ones.
keras.utils.set_random_seed(0)
inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(filters=32, kernel_size=3, activation="relu")(inputs)
x = layers.MaxPooling2D(pool_size=2)(x)
x = layers.Conv2D(filters=64, kernel_size=3, activation="relu")(x)
x = layers.MaxPooling2D(pool_size=2)(x)
x = layers.Conv2D(filters=128, kernel_size=3, activation="relu")(x)
x = layers.Flatten()(x)
outputs = layers.Dense(10, activation="softmax")(x)
model = keras.Model(inputs=inputs, outputs=outputs)

# Prepare the images, and keep the last 10,000 training images for validation (notebook 3).
train_images = train_images.reshape((60000, 28, 28, 1))
train_images = train_images.astype("float32") / 255
test_images = test_images.reshape((10000, 28, 28, 1))
test_images = test_images.astype("float32") / 255
validation_data = (train_images[50000:], train_labels[50000:])
train_images, train_labels = train_images[:50000], train_labels[:50000]

# Train the network. It keeps the weights with the lowest val_loss, and it stops if val_loss hasn't
# fallen for two epochs. In five epochs it seldom stops. With more epochs, this saves time.
early_stopping = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train_images, train_labels, epochs=5, batch_size=64,
          validation_data=validation_data, callbacks=[early_stopping])
print(f"validation accuracy: {model.evaluate(*validation_data)[1]:.4f}")

# Measure the network, save it, and let it read one digit (notebook 4). An accuracy by which
# something was chosen is too good. So while you change something, take out the next two lines,
# which show the accuracy on the test images. Put them back for the last run.
test_loss, test_acc = model.evaluate(test_images, test_labels)
print(f"test accuracy: {test_acc:.4f}")
model.save("mnist_cnn.keras")
probabilities = model.predict(test_images[:1])[0]
print(f"The first test image is a {probabilities.argmax()} ({probabilities.max():.3f}).")
