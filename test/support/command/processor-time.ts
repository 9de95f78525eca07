/** How many seconds of the processor some work takes: unlike the clock's, they don't count what else the machine does. */
export function processorSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
