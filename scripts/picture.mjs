/**
 * A picture of a page that was written to a file, as README shows it:
 *
 *   node scripts/picture.mjs runs/dqn-curriculum.html docs/dqn-curriculum.png [SELECTOR]
 *
 * Needs a Chromium in /usr/bin.
 */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [page, picture, selector = 'main'] = process.argv.slice(2);
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!page || !picture || !executablePath) {
  console.error(executablePath ? 'picture: name a page and a picture' : 'picture: there is no Chromium in /usr/bin');
  process.exit(2);
}
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const shown = await browser.newPage({ viewport: { width: 900, height: 600 }, deviceScaleFactor: 2 });
  await shown.goto(pathToFileURL(resolve(page)).href);
  await shown.locator(selector).screenshot({ path: picture });
} finally {
  await browser.close();
}
