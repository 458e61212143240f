// Loaded before the program: leaves in a file the largest resident size of the whole process, in KiB, and the
// seconds of processor time of all its threads, which say more than the clock where a machine is shared.
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(process.env.PEAK_FILE, `${maxRSS} ${(userCPUTime + systemCPUTime) / 1e6}`);
  });
}
