import { defineConfig } from 'vitest/config';

/** In CI the counts are also written where .ci/run reads them. */
const reporters = process.env['CI'] ? ['default', ['json', { outputFile: 'dist/test-report.json' }]] : ['default'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Else one core of two would be left idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: reporters as ['default'],
  },
});
