// What tests ask on a page; all but the last two need modules of the lesson. Arrays of bytes come and
// go as base64.

// The answers of a network to images.
window.answersTo = ([description, text]) => {
    const network = readNetwork(description);
    return imagesIn(readBytes(text)).map((image) => [...forward(network, inputOf(image)).at(-1)]);
};

// Take a step by all images, which `taken` shows in numbers. Return the loss, the answers, the
// gradient, the weights after the step, and the derivatives by the numbers of the first image.
window.take = ([description, text, labels, rate]) => {
    const network = (window.network ??= readNetwork(description));
    const batch = imagesIn(readBytes(text)).map((image, i) => ({image, label: labels[i]}));
    const {loss, digits, gradient: sums} = gradient(network, batch);
    const values = forward(network, inputOf(batch[0].image));
    const back = backward(network, values, labels[0], labels.length);
    const arrays = (layers) => layers.filter(({kernel}) => kernel?.length)
        .flatMap(({kernel, bias}) => [[...kernel], [...bias]]);
    const means = (window.means ??= []);
    window.taken = rememberStep(network, means, {batch, gradient: sums, rate});
    step(network, sums, rate, means);
    const derivatives = back.derivatives.map((numbers) => [...numbers]);
    return [loss, digits, arrays(sums), arrays(network.layers), derivatives];
};

// Show that step in numbers, of a unit of a layer.
window.showStep = (step) => {
    document.body.replaceChildren();
    window.taken.show(document.body, step, 1);
};

// How wide ten images of weights are, each by 7x7 numbers, of a network that begins with pooling.
window.widthOfImages = () => {
    const layers = buildLayers("MaxPooling2D 4, Flatten, Dense", randomFrom(1));
    const {root, draw} = kernelImages({shape: [28, 28, 1], layers});
    draw();
    return root.firstChild.width;
};

// The layers of the lesson's network before its training, and their weights.
window.layersOfTheLesson = () => buildLayers(NETWORKS.lesson, randomFrom(1)).map(
    ({kernel, bias, ...layer}) => [layer, [...kernel ?? []], [...bias ?? []]]);

// What a function makes of arrays of bytes, each with its height and width.
window.compute = ([texts, name]) => texts.map(([text, height, width]) => {
    const bytes = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
    // oxlint-disable-next-line no-eval -- the name of a function of the lesson, or its text
    const result = Array.from(eval(name)(bytes, height, width));
    return btoa(result.map((value) => String.fromCharCode(Math.round(value))).join(""));
});

// A file of the most drawings, each by a hand that scribbles faster than any mouse tells.
window.scribbles = ([strokes, names]) => {
    const points = (i) => [140 + 140 * Math.sin(i), 140 + 140 * Math.cos(i / 7)].map((x) =>
        Math.round(10 * x) / 10);
    const scribble = Array.from({length: 60}, (_, k) =>
        Array.from({length: 200}, (_, i) => points(200 * k + i)));
    const digits = Array.from({length: COUNT}, (_, i) =>
        ({label: i % names.length, strokes: thinned(i ? scribble : strokes)}));
    return [JSON.stringify({"hello-mnist digits": 1, classes: names, digits}), COUNT, BYTES];
};

// The greys of what the network sees.
window.greysOf = (canvas) => [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]
    .filter((_value, i) => i % 4 === 0);

// From here on, all pictures but the first are read when the test says so.
window.readSlowly = () => {
    const [atOnce, waiting] = [createImageBitmap, []];
    let count = 0;
    window.createImageBitmap = (file) => count++ ? new Promise((done) =>
        waiting.push(() => done(atOnce(file)))) : atOnce(file);
    window.slow = {waiting, read: () => waiting.forEach((go) => go())};
};
