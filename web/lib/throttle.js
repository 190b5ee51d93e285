// What is typed or drawn is sent at once; while more follows quickly, every so often, and where it ends.

const PAUSE = 30;            // ms

/** A listener that calls act() at the first event, and behind quick ones once more after each pause.
 * @param {() => void} act
 * @returns {() => void} */
export function throttled(act) {
  let timer = null;
  let last = -PAUSE;
  return () => {
    clearTimeout(timer);
    const since = performance.now() - last;
    const now = () => { last = performance.now(); act(); };
    if (since >= PAUSE) now();
    else timer = setTimeout(now, PAUSE - since);
  };
}
