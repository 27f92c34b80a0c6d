// What tests ask on a page; all but the last two need modules of the lesson. Arrays of bytes come and
// go as base64.

// The answers of a network to images.
window.answersTo = ([description, text]) => {
    const network = readNetwork(description);
    return imagesIn(readBytes(text)).map((image) => [...forward(network, inputOf(image)).at(-1)]);
};

// What a network makes of images, and the gradients of the mean loss: the probabilities of each image,
// a dict of arrays for each layer, and the derivatives by the pixels of each image.
window.gradientsOf = ([description, text, labels]) => {
    const network = readNetwork(description);
    const batch = imagesIn(readBytes(text)).map((image, i) => ({image, label: labels[i]}));
    const passes = batch.map(({image}) => forwardPass(network, inputOf(image)));
    const backs = passes.map((pass, i) => backward(network, pass, labels[i], batch.length));
    const {gradient} = computeGradient(network, batch);
    return {
        isTrainable: isTrainable(network),
        probabilities: passes.map(({values}) => [...values.at(-1)]),
        gradient: gradient.map((arrays) => Object.fromEntries(
            Object.entries(arrays).map(([name, array]) => [name, [...array]]))),
        ofImages: backs.map(({derivatives}) => [...derivatives[0]]),
    };
};

// The names of the weights of each layer that a step by all images changes.
window.weightsThatAStepChanges = ([description, text, labels]) => {
    const network = readNetwork(description);
    const before = structuredClone(network.layers);
    const batch = imagesIn(readBytes(text)).map((image, i) => ({image, label: labels[i]}));
    takeStep(network, computeGradient(network, batch).gradient, 0.01, []);
    return network.layers.map((layer, i) => Object.keys(layer.weights).filter((name) =>
        layer[name].some((weight, k) => weight !== before[i][name][k])));
};

// Take a step by all images, which `taken` shows in numbers. Return the loss, the answers, the
// gradient, the weights after the step, and the derivatives by the numbers of the first image.
window.take = ([description, text, labels, rate]) => {
    const network = (window.network ??= readNetwork(description));
    const batch = imagesIn(readBytes(text)).map((image, i) => ({image, label: labels[i]}));
    const {loss, classIndices, gradient} = computeGradient(network, batch);
    const pass = forwardPass(network, inputOf(batch[0].image));
    const back = backward(network, pass, labels[0], labels.length);
    const arrays = (layers) => layers.filter(({kernel}) => kernel?.length)
        .flatMap(({kernel, bias}) => [[...kernel], [...bias]]);
    const means = (window.means ??= []);
    window.taken = new OneStep(network, means, {batch, gradient, rate});
    takeStep(network, gradient, rate, means);
    const derivatives = back.derivatives.map((numbers) => [...numbers]);
    return [loss, classIndices, arrays(gradient), arrays(network.layers), derivatives];
};

// Show that step in numbers, of a unit of a layer.
window.showStep = (layerIndex) => {
    document.body.replaceChildren();
    window.taken.show(document.body, {layerIndex, unit: 1});
};

// A tap on the middle of cell `number` of a canvas with so many rows and columns of cells.
window.tapCell = (canvas, number, rows, columns) => {
    const {left, top, width, height} = canvas.getBoundingClientRect();
    const clientX = left + ((number % columns) + 0.5) * width / columns;
    const clientY = top + (Math.floor(number / columns) + 0.5) * height / rows;
    // Between whole pixels, so that cells may be smaller than one.
    const tap = Object.defineProperties(new MouseEvent("click"), {
        clientX: {value: clientX},
        clientY: {value: clientY},
    });
    canvas.dispatchEvent(tap);
};

// Open a number of a network that is shown, as a finger does: a tap on its map, and one on its place
// there. Step 0 is the image.
window.tapNumber = (network, step, i) => {
    const [rows, columns, channels] = layout((network.layers[step - 1] ?? network).shape);
    const across = Math.min(channels, channels > 64 ? 32 : 16); // maps in a row of a wide page
    const [map, place] = [i % channels, Math.floor(i / channels)];
    const root = document.querySelectorAll(".viewer-layer")[step];
    const all = root.querySelector(":scope > .map > canvas");
    if (channels > 1) tapCell(all, map, Math.ceil(channels / across), across);
    tapCell(channels > 1 ? root.querySelector(".map-one > canvas") : all, place, rows, columns);
};

// A text without signs that Python lacks in a number.
const plain = (text) => text.replaceAll("\u2212", "-");

// A sentence of the page: its text, its values by their names, and its words with `{names}` in place of
// the values.
window.readSentence = (node) => {
    const copy = node.cloneNode(true);
    const values = {};
    for (const part of copy.querySelectorAll("[data-value]")) {
        (values[part.dataset.value] ??= []).push(plain(part.textContent));
        part.textContent = `{${part.dataset.value}}`;
    }
    return {text: plain(node.textContent), sentence: copy.textContent, values};
};

// The texts of the training's panel, and in brackets the names that screen readers hear, with # in place
// of a number. Each has the name of the control or of the part where it stands. Of the cards of classes,
// the first one is read.
window.textsOfPanel = () => {
    const own = ({childNodes}) => [...childNodes].map((child) => {
        if (child.nodeType === Node.TEXT_NODE) return child.data;
        return child.dataset?.value ? `{${child.dataset.value}}` : "";
    });
    const first = document.querySelector(".train-card");
    const parts = ".train *, [data-name=teach] *, [data-name=head] *"; // two stand beside the pad
    const nodes = [...document.querySelectorAll(parts)].filter((node) =>
        !node.dataset.value && (node.closest(".train-card") ?? first) === first);
    return nodes.flatMap((node) => {
        const texts = [own(node).join("").replace(/\s+/g, " ").trim()];
        if (node.ariaLabel) texts.push(`(${node.ariaLabel.replace(/\d+/g, "#")})`);
        const named = texts.filter((text) => /\p{L}/u.test(text.replace(/\{\w+\}/g, "")));
        return named.map((sentence) => [node.closest("[data-name]").dataset.name, {sentence}]);
    });
};

// The explanation that is open: its layer, its texts, its tables, the frame on the map before it,
// and what it tells of a step of training. A frame is [top, left, height, width] in percent.
window.readExplanation = () => {
    const open = document.querySelector(".explain:not([hidden])");
    const readAll = (selector, node = open) => [...node.querySelectorAll(selector)].map(readSentence);
    const readTable = (node) => ({
        caption: readAll(":scope > figcaption", node.parentElement)[0] ?? null,
        columns: node.style.gridTemplateColumns.match(/repeat\(([\w-]+),/)[1],
        numbers: [...node.children].map((cell) => plain(cell.textContent).split("\n").at(-1)),
        chosen: [...node.children].findIndex((cell) => cell.matches(".number-chosen")),
    });
    const {top, left, height, width} = open.querySelector(".map-before > .map-mark")?.style ?? {};
    return {
        step: [...document.querySelectorAll(".viewer-layer")].indexOf(open.parentElement),
        title: readSentence(open.querySelector(".explain-title")),
        lines: readAll(".explain-text > p"),
        tables: [...open.querySelectorAll(".explain-part > .numbers")].map(readTable),
        frame: top ? [top, left, height, width].map(parseFloat) : null,
        source: readAll(".explain-text > .pad-button")[0] ?? null,
        steps: [...open.querySelectorAll(".explain-step")].map((section) => ({
            lines: readAll("p", section),
            products: readAll(".pad-button", section),
            tables: [...section.querySelectorAll(".numbers")].map(readTable),
        })),
    };
};

// Open numbers, one after another, press what is named, and read what is told: each is a step, a
// number, and tables with a cell of each to press; -1 stands for the buttons below the tables.
window.readNumbers = async (network, numbers) => {
    const told = [];
    for (const [step, i, presses] of numbers) {
        tapNumber(network, step, i);
        for (const [table, cell] of presses) {
            const open = document.querySelector(".explain:not([hidden]) > .explain-text");
            const buttons = open.querySelectorAll(".pad-button");
            const cells = table < 0 ? buttons : open.querySelectorAll(".numbers")[table]?.children;
            cells?.[cell]?.click(); // where a button is missing, the reading shows it
        }
        const isAdding = (node) => node.className === "" && !node.children.length;
        while ([...document.querySelectorAll(".explain-step > div")].some(isAdding))
            await new Promise((done) => setTimeout(done));
        told.push(readExplanation());
    }
    return told;
};

// The explanations of numbers of a network that sees an image, the paragraphs above each layer, and
// the names of the layers with classes below them.
window.explanationsOf = async ([description, image, numbers]) => {
    const network = readNetwork(description);
    document.body.replaceChildren();
    showNetwork(document.body, network, {image: readBytes(image)});
    const told = await readNumbers(network, numbers);
    const paragraphs = [...document.querySelectorAll(".viewer-layer")].map((node) =>
        [...node.querySelectorAll(":scope > p")].map(readSentence));
    const classes = document.querySelectorAll(".viewer-layer > .map-classes");
    return [told, paragraphs,
        [...classes].map((node) => node.parentElement.querySelector("strong").textContent)];
};

// The colours of all maps of each layer of a network that sees an image, those of the map that is
// enlarged where a number of it is opened, and those of the map before it, where one is shown.
window.coloursOf = async ([description, image, numbers]) => {
    const network = readNetwork(description);
    document.body.replaceChildren();
    showNetwork(document.body, network, {image: readBytes(image)});
    await new Promise((done) => setTimeout(done, 400)); // until maps out of sight are drawn too
    const shapeOf = (step) => layout((network.layers[step - 1] ?? network).shape);
    const colours = (canvas, [rows, columns, channels], across = 1) => {
        const along = (canvas.width + 1) / across;
        const down = (canvas.height + 1) / Math.ceil(channels / across);
        const pen = canvas.getContext("2d");
        const {data} = pen.getImageData(0, 0, canvas.width, canvas.height);
        return Array.from({length: rows * columns * channels}, (_none, i) => {
            const [map, place] = [i % channels, Math.floor(i / channels)];
            const [row, column] = [Math.floor(place / columns), place % columns];
            const x = (map % across) * along + Math.floor((column + 0.5) * (along - 1) / columns);
            const y = Math.floor(map / across) * down + Math.floor((row + 0.5) * (down - 1) / rows);
            const start = 4 * (y * canvas.width + x);
            return Array.from(data.subarray(start, start + 3));
        });
    };
    const all = [...document.querySelectorAll(".viewer-layer > .map > canvas")];
    const ofAll = all.map((canvas, step) => {
        const shape = shapeOf(step);
        return colours(canvas, shape, Math.min(shape[2], shape[2] > 64 ? 32 : 16));
    });
    const ofOpened = numbers.map(([step, i]) => {
        tapNumber(network, step, i);
        const [open, one] = [".map-before", ".map-one"].map((name) =>
            document.querySelector(`.explain:not([hidden]) ${name} > canvas`));
        const [rows, columns] = shapeOf(step);
        const [height, width] = shapeOf(step - 1);
        return [one && colours(one, [rows, columns, 1]), open && colours(open, [height, width, 1])];
    });
    return [ofAll, ofOpened];
};

// What a step that `take` has taken tells of numbers, when one has pressed `Another example` so often.
window.stepsOf = ([layerIndex, unit, another, numbers]) => {
    document.body.replaceChildren();
    window.taken.show(document.body, {layerIndex, unit});
    const button = document.querySelectorAll(".pad-buttons .pad-button")[2];
    for (let press = 0; press < another; press += 1) button.click();
    return readNumbers(window.network, numbers);
};

// How wide ten images of weights are, each by 7x7 numbers, of a network that begins with pooling.
window.widthOfImages = () => {
    const layers = buildLayers([{kind: "MaxPooling2D", pool_size: 4}, {kind: "Flatten"},
        {kind: "Dense", activation: "softmax"}], randomFrom(1));
    const {root, draw} = kernelImages({shape: [28, 28, 1], layers});
    draw();
    return root.firstChild.width;
};

// The layers of a network that the page trains, before its training, and their weights.
window.layersOf = (architecture) => buildLayers(architecture, randomFrom(1)).map(
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
    const digits = Array.from({length: DRAWINGS.max_drawings}, (_, i) =>
        ({label: i % names.length, strokes: thinStrokes(i ? scribble : strokes)}));
    return JSON.stringify({"hello-mnist digits": 1, classes: names, digits});
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
