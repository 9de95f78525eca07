// Which steps run beside each other: two of one core each, or one of two, as long as both have room in memory.

/**
 * Runs every step once: the first in the list that may start and for which there is room, whenever there is some. A step that
 * waits for both cores is overtaken by later ones that need only one.
 *
 * @param steps each with its cores, its memory in MB, and the names of those that it starts `after`; an ended step is enough, however it ended
 * @param room the cores and MB that there are; a step that declares more runs by itself
 * @param run starts a step, and resolves when it has ended
 */
async function inLanes(steps, room, run) {
  const waiting = [...steps];
  const running = new Map();
  const isDone = (name) => !waiting.some((step) => step.name === name) && ![...running.keys()].some((step) => step.name === name);
  const used = (what) => [...running.keys()].reduce((sum, step) => sum + step[what], 0);
  const fits = (step) => running.size === 0 || ['cores', 'memory'].every((what) => used(what) + step[what] <= room[what]);
  while (waiting.length > 0 || running.size > 0) {
    for (;;) {
      const next = waiting.find((step) => step.after.every(isDone) && fits(step));
      if (!next) break;
      waiting.splice(waiting.indexOf(next), 1);
      running.set(next, run(next).then(() => next));
    }
    if (running.size === 0) throw new Error(`${waiting.map(({ name }) => name).join(', ')}: each starts after another of them; expected an order`);
    running.delete(await Promise.race(running.values()));
  }
}

/** The seconds that steps take in lanes, if each takes as long as `secondsOf` says. */
async function secondsInLanes(steps, room, secondsOf) {
  let now = 0;
  const ends = [];
  const tick = () => {
    ends.sort((left, right) => left.at - right.at);
    const next = ends.shift();
    if (!next) return;
    now = next.at;
    next.resolve();
    setImmediate(tick);
  };
  setImmediate(tick);
  await inLanes(steps, room, (step) => new Promise((resolve) => ends.push({ at: now + secondsOf(step), resolve })));
  return now;
}

module.exports = { inLanes, secondsInLanes };
