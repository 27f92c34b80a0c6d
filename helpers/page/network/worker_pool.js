// The workers that train a network: each core takes a share of a batch, so that the page always
// answers.

import { computeGradient } from "./backpropagation.js";

const WORKER = sourceOf("network/gradient_worker.js"); // scripts.py puts the worker's text there
const MAX_WORKERS = 4;
const SHARE_SIZE = 16; // images, after which the page looks up where it computes itself
const TIMEOUT = 60_000; // milliseconds, after which a worker without an answer has died

/**
 * Start a worker for each core. Return `compute`, which lets a network learn from a batch or only
 * answer it, and `stop`, which ends the workers. Where a worker fails, `onFailure` is called, and
 * from then on the page itself computes.
 */
export function startWorkers(onFailure) {
  const workers = [];

  function stop() {
    for (const worker of workers.splice(0)) worker.terminate();
  }

  function sendJob(worker, job) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(reject, TIMEOUT);
      worker.onmessage = ({ data }) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = reject;
      worker.postMessage(job);
    });
  }

  /** Divide the shares among the workers; return the results in the order of the shares. */
  async function computeInWorkers({ shares, ...job }) {
    const count = workers.length;
    const jobs = workers.map((worker, first) =>
      sendJob(worker, { ...job, shares: shares.filter((_share, i) => i % count === first) }),
    );
    const results = await Promise.all(jobs);
    return shares.map((_share, i) => results[i % count].shift());
  }

  /** Compute in the page itself, which does other things between two shares. */
  async function computeInPage({ network, shares, batchSize, learns }) {
    const results = [];
    for (const share of shares) {
      results.push(computeGradient(network, share, batchSize, learns));
      await new Promise((resolve) => setTimeout(resolve));
    }
    return results;
  }

  /**
   * Compute the mean `loss` of a batch, the `classIndices` that the network answers, how many are
   * `right`, the `accuracy` and, where the network `learns`, the `gradient`. They are the same to
   * the last digit, however many workers there are.
   */
  async function compute({ shape, layers }, batch, learns = false) {
    const images = batch.map(({ image, label }) => ({ image, label }));
    const shares = Array.from({ length: Math.ceil(batch.length / SHARE_SIZE) }, (_none, i) =>
      images.slice(i * SHARE_SIZE, (i + 1) * SHARE_SIZE),
    );
    const job = { network: { shape, layers }, shares, batchSize: batch.length, learns };
    if (workers.length) {
      const results = await computeInWorkers(job).catch(() => null);
      if (results) return addToFirst(results, batch);
      stop();
      onFailure();
    }
    return addToFirst(await computeInPage(job), batch);
  }

  try {
    const source = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    const count = Math.min(MAX_WORKERS, navigator.hardwareConcurrency);
    for (let i = 0; i < count; i += 1) workers.push(new Worker(source));
  } catch {
    stop();
    onFailure();
  }
  return { compute, stop };
}

/** Add to the result of the first share those of the others, and count the right answers. */
function addToFirst([first, ...others], batch) {
  const { classIndices, gradient: sums } = first;
  let { loss } = first;
  for (const share of others) {
    loss += share.loss;
    classIndices.push(...share.classIndices);
    share.gradient?.forEach((arrays, layer) => {
      for (const [name, array] of Object.entries(arrays))
        addTo(sums[layer][name], array);
    });
  }
  const right = batch.filter(({ label }, i) => label === classIndices[i]).length;
  return { loss, classIndices, gradient: sums, right, accuracy: right / batch.length };
}

function addTo(sums, numbers) {
  for (let k = 0; k < sums.length; k += 1) sums[k] += numbers[k];
}
