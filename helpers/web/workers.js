// The workers of train.js: each core takes a share of the images, so that the page never stands still.

import { computeShare } from "./learn.js";

const WORKER = sourceOf("learner.js"); // scripts.py puts the worker's text there
const SMALL = 16; // images of a share, after which the page itself looks up

/**
 * Start a worker for each core, with all images, float32. Return `compute`, which lets a network
 * learn from a batch or only answer, `put`, which puts other images to the end, and `stop`, which
 * ends the workers. Where one fails, `failed` is called, and from then on the page itself computes,
 * as it does where it is `alone`, since its policy allows no worker.
 */
export function startWorkers(images, failed, alone) {
  const source = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
  const workers = [];

  function stop() {
    for (const worker of workers.splice(0)) worker.terminate();
  }

  function ask(worker, job) {
    return new Promise((done, fail) => {
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = fail;
      worker.postMessage(job);
    });
  }

  /**
   * Compute the loss, the answers and, where it `learns`, the gradient of a batch of numbers: the
   * same to the last digit, however many workers there are.
   */
  async function compute(network, batch, labels, learns) {
    const job = { network, batchSize: batch.length, learns };
    const shares = Array.from({ length: Math.ceil(batch.length / SMALL) }, (unused, i) => {
      const numbers = batch.slice(i * SMALL, (i + 1) * SMALL);
      return { numbers, labels: numbers.map((n) => labels[n]) };
    });
    const count = workers.length;
    if (count) {
      const work = (worker, first) =>
        ask(worker, { ...job, shares: shares.filter((_share, i) => i % count === first) });
      const answers = await Promise.all(workers.map(work)).catch(() => null);
      if (answers) return merged(shares.map((_share, i) => answers[i % count].shift()));
      stop();
      failed();
    }
    const results = [];
    for (const share of shares) {
      results.push(computeShare(images, { ...job, ...share }));
      await new Promise((done) => setTimeout(done));
    }
    return merged(results);
  }

  function put(pixels, at) {
    images.set(pixels, at);
    for (const worker of workers) worker.postMessage({ pixels, at });
  }

  try {
    const count = alone ? 0 : Math.min(4, navigator.hardwareConcurrency);
    for (let i = 0; i < count; i += 1) workers.push(new Worker(source));
    for (const worker of workers) worker.postMessage({ images });
  } catch {
    stop();
    failed();
  }
  return { compute, put, stop };
}

/** Add up what the shares of a batch gave. */
function merged([whole, ...others]) {
  for (const { loss, digits, gradient } of others) {
    whole.loss += loss;
    whole.digits.push(...digits);
    gradient?.forEach((arrays, layer) => {
      for (const [name, array] of Object.entries(arrays))
        array.forEach((number, k) => (whole.gradient[layer][name][k] += number));
    });
  }
  return whole;
}
