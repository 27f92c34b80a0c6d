// The workers of training.js: each core takes a share of the images, so that the page never stands still.

import { gradient } from "./backpropagation.js";

const WORKER = sourceOf("network/gradient_worker.js"); // scripts.py puts the worker's text there
const SMALL = 16; // images of a share, after which the page itself looks up
const PATIENCE = 60_000; // milliseconds, after which a worker that says nothing has died

/**
 * Start a worker for each core. Return `compute`, which lets a network learn from a batch or only
 * answer, and `stop`, which ends the workers. Where one fails, `failed` is called, and from then on
 * the page itself computes.
 */
export function startWorkers(failed) {
  const workers = [];

  function stop() {
    for (const worker of workers.splice(0)) worker.terminate();
  }

  function ask(worker, job) {
    return new Promise((done, fail) => {
      const timer = setTimeout(fail, PATIENCE);
      worker.onmessage = ({ data }) => {
        clearTimeout(timer);
        done(data);
      };
      worker.onerror = fail;
      worker.postMessage(job);
    });
  }

  /**
   * Return the mean loss, the answers, how many are right and, where it `learns`, the gradient of a
   * batch: the same to the last digit, however many workers there are.
   */
  async function compute({ shape, layers }, batch, learns = false) {
    const job = { network: { shape, layers }, batchSize: batch.length, learns };
    const images = batch.map(({ image, label }) => ({ image, label }));
    const shares = Array.from({ length: Math.ceil(batch.length / SMALL) }, (_none, i) =>
      images.slice(i * SMALL, (i + 1) * SMALL),
    );
    const count = workers.length;
    if (count) {
      const work = (worker, first) =>
        ask(worker, { ...job, shares: shares.filter((_share, i) => i % count === first) });
      const answers = await Promise.all(workers.map(work)).catch(() => null);
      if (answers) return merged(shares.map((_share, i) => answers[i % count].shift()), batch);
      stop();
      failed();
    }
    const results = [];
    for (const share of shares) {
      results.push(gradient(job.network, share, batch.length, learns));
      await new Promise((done) => setTimeout(done));
    }
    return merged(results, batch);
  }

  try {
    const source = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    const count = Math.min(4, navigator.hardwareConcurrency);
    for (let i = 0; i < count; i += 1) workers.push(new Worker(source));
  } catch {
    stop();
    failed();
  }
  return { compute, stop };
}

/** Add up what the shares of a batch gave, and count the right answers. */
function merged([whole, ...others], batch) {
  for (const { loss, digits, gradient } of others) {
    whole.loss += loss;
    whole.digits.push(...digits);
    gradient?.forEach((arrays, layer) => {
      for (const [name, array] of Object.entries(arrays))
        array.forEach((number, k) => (whole.gradient[layer][name][k] += number));
    });
  }
  const right = batch.filter(({ label }, i) => label === whole.digits[i]).length;
  return { ...whole, right, accuracy: right / batch.length };
}
