// How a screen gets its data, and keeps it fresh.

import {useCallback, useEffect, useRef, useState} from "preact/hooks";

const SLOWEST_MS = 60_000;

/**
 * Load something when the screen opens and whenever `deps` change: {data, error, loading, reload}.
 *
 * `load` is given an AbortSignal. With `every`, in milliseconds, it is loaded again so often (a function says it by what was loaded
 * last; 0 ends it); after an error ever less often; and not at all while nobody looks, but at once when they do again. While it is loaded again, what there was stays.
 */
export function useLoad(load, deps = [], {every = 0} = {}) {
  const [state, setState] = useState({data: null, error: null, loading: true});
  const current = useRef({});
  const reload = useCallback(() => current.current.run?.(), []);

  useEffect(() => {
    let ended = false, timer = 0, failures = 0, last = null, abort = new AbortController();
    const pause = () => (typeof every === "function" ? every(last) : every);
    const again = () => {
      clearTimeout(timer);
      if (pause() && !ended && !document.hidden) timer = setTimeout(run, Math.min(pause() * 2 ** failures, SLOWEST_MS));
    };
    const run = async () => {
      abort.abort();
      const mine = abort = new AbortController();
      try {
        const data = await load(mine.signal);
        if (ended || mine !== abort) return;
        failures = 0;
        last = data;
        setState({data, error: null, loading: false});
      } catch (error) {
        if (ended || mine !== abort) return;
        failures += 1;
        setState((had) => ({data: had.data, error, loading: false}));
      }
      again();
    };
    const looked = () => (document.hidden ? clearTimeout(timer) : pause() && run());
    document.addEventListener("visibilitychange", looked);
    setState({data: null, error: null, loading: true});
    current.current.run = run;
    run();
    return () => {
      ended = true;
      clearTimeout(timer);
      abort.abort();
      document.removeEventListener("visibilitychange", looked);
    };
  }, deps);

  return {...state, reload};
}

const TICK_MS = 15_000;
const ticking = new Set();
let ticker = 0;

/** The moment, anew every so often, so that "2 minutes ago" stays true. One timer for all, however many times are shown. */
export function useNow() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    ticking.add(setNow);
    ticker ||= setInterval(() => ticking.forEach((set) => set(Date.now())), TICK_MS);
    return () => {
      ticking.delete(setNow);
      if (!ticking.size) ticker = clearInterval(ticker) || 0;
    };
  }, []);
  return now;
}

/** The title of the browser's tab while a screen is open. */
export function useTitle(title) {
  useEffect(() => { document.title = `${title} · Baton`; }, [title]);
}

/**
 * The text in a field for something that is no text, such as an amount: [text, typed]. What somebody is typing, such as "12.0" on
 * the way to "12.05", stays as they type it; another value from elsewhere replaces it.
 */
export function useTyped(value, show, read, set) {
  const [text, setText] = useState(() => show(value));
  const same = JSON.stringify(read(text)) === JSON.stringify(value);
  useEffect(() => { if (!same) setText(show(value)); }, [JSON.stringify(value)]);
  const typed = (event) => {
    setText(event.target.value);
    set(read(event.target.value));
  };
  return [same ? text : show(value), typed];
}
