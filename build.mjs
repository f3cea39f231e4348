/** Bundles the programs of src/ into dist/. boardgame.io cannot be imported by plain Node, so it is always bundled. */

import { build } from 'esbuild';

/** Native or too large to bundle: loaded from node_modules when they are used. */
const external = [
  'libsql',
  'onnxruntime-node',
  'node-llama-cpp',
  '@tensorflow/*',
  'onnx-proto',
  'playwright-core',
  'esbuild',
];

const programs = {
  swp: 'src/cli.ts',
  'match-worker': 'src/match-worker.ts',
  'selfplay-worker': 'src/train/selfplay-worker.ts',
  bench: 'bench/bench.ts',
  'bench-worker': 'bench/speeds.ts',
  'bench-training': 'bench/training-worker.ts',
  'bench-dqn': 'bench/dqn.ts',
  'bench-dqn-worker': 'bench/dqn-worker.ts',
  'bench-league': 'bench/league.ts',
};
const pages = {
  page: 'src/web/page.tsx',
  report: 'src/web/report.tsx',
  curves: 'src/web/curves.tsx',
  style: 'src/web/style.css',
  index: 'src/web/index.html',
  icon: 'src/web/icon.svg',
};

await build({
  entryPoints: programs,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  external,
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
});

await build({
  entryPoints: pages,
  outdir: 'dist/web',
  bundle: true,
  minify: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.html': 'copy', '.svg': 'copy' },
  logLevel: 'warning',
});
