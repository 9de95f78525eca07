// Loaded before a command: writes the CPU time (µs, of all threads) and the peak memory (KB) of the process to file
// descriptor 3 as it ends.
const { writeSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, JSON.stringify({ cpu: user + system, memory: process.resourceUsage().maxRSS }));
  });
}
