import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['test/extension/**', 'test/e2e/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Processes: tests may change the working folder, the umask and the exit code without disturbing each other.
    pool: 'forks',
    maxWorkers: 2,
  },
});
