// What is typed is sent at once; while keys follow one another quickly, only where the last one leads.

const PAUSE = 30;            // ms

/** A listener that calls act() at the first key, and behind quick ones once more at their end. */
export function typing(act) {
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
