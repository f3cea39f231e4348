/** The page in a real browser, served by the real command. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { movesOf } from '../../arena/match.ts';
import { catalog } from '../../games/catalog.ts';
import { openLog } from '../../src/log.ts';
import { writeReport } from '../../src/report.ts';
import { standingsOf } from '../../src/standings.ts';
import { type FakeOpenai, fakeOpenai } from '../fake-openai.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const swp = join(import.meta.dirname, '..', '..', 'dist', 'swp.js');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the language model says: its notes, a miss and a move, and then only misses. */
const REPLIES = [
  'Three in a row win.',
  '{"why": "I take your corner.", "move": "a1"}',
  '{"why": "The centre is mine.", "move": "b2"}',
  '{"why": "Again.", "move": "a1"}',
];

const PARTS = [
  '#play/connect-four/mcts:simulations=100',
  '#play/othello/mcts:simulations=100',
  '#ratings',
  '#matches',
  '#matches/1',
];

const title = CHROMIUM ? 'the page' : 'the page (skipped: no Chromium in /usr/bin; apt-get install chromium)';

describe.skipIf(!CHROMIUM)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), 'swp-page-'));
  let server: ChildProcess;
  let url: string;
  let browser: Browser;
  let model: FakeOpenai;

  beforeAll(async () => {
    const log = join(folder, 'log.db');
    const agents = 'mcts:simulations=50,greedy,random';
    execFileSync(
      process.execPath,
      [swp, 'tournament', '--game', 'tic-tac-toe', '--agents', agents, '--games', '4', '--log', log],
      { stdio: 'ignore' },
    );
    model = await fakeOpenai(...REPLIES.map(say => ({ say })));
    server = spawn(process.execPath, [swp, 'serve', '--port', '0', '--no-open', '--log', log, '--model', 'any'], {
      env: { ...process.env, OPENAI_BASE_URL: model.address },
    });
    const [line] = (await once(server.stdout!, 'data')) as [Buffer];
    url = /http:\S+/.exec(String(line))![0];
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    await model?.close();
    server.kill('SIGINT');
    expect(await once(server, 'exit')).toEqual([0, null]);
    rmSync(folder, { recursive: true });
  });

  /** A page whose errors fail the test. */
  async function opened(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
    page.on('pageerror', error => {
      throw error;
    });
    await page.goto(`${url}/${hash}`);
    return page;
  }

  /** A page with everything on it; where it is played, a move was made and answered. */
  async function settled(hash: string, options: BrowserContextOptions): Promise<Page> {
    const page = await opened(hash, options);
    await page.locator('.board, .plot canvas, .matches a').first().waitFor();
    if (hash.startsWith('#play')) {
      await page.locator('.square.playable').first().click();
      await yourTurn(page);
    }
    return page;
  }

  const choose = async (page: Page, game: string, opponent: string): Promise<void> => {
    await page.getByLabel('Game').selectOption({ label: game });
    await page.getByLabel('Opponent').selectOption(opponent);
  };
  const yourTurn = (page: Page) => page.getByText('Your turn.').waitFor();
  const stones = (page: Page) => page.locator('.square:not(.ghost) > .stone').count();

  /** What axe finds seriously wrong. */
  async function violations(page: Page): Promise<readonly string[]> {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
      };
      const { violations: found } = await checker.run();
      return found
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
  }

  /** Makes one move, square by square where it takes several, or by its button. */
  async function move(page: Page, act: (target: Locator) => Promise<void>): Promise<void> {
    await page.locator('.status.over, .status:has-text("Your turn.")').waitFor();
    const made = await page.locator('.moves li').count();
    while ((await page.locator('.moves li').count()) === made && !(await page.locator('.status.over').isVisible())) {
      const squares = page.locator('.square.playable:not(.chosen)');
      const buttons = page.locator('.others button');
      // Whoever is too slow in real time finds another square or button, or none for a moment.
      if ((await squares.count()) > 0) await act(squares.first()).catch(() => {});
      else if ((await buttons.count()) > 0) await act(buttons.first()).catch(() => {});
    }
  }

  test('a whole game by mouse, to its end, with the thoughts of the opponent', async () => {
    const page = await opened('');
    await choose(page, 'Tic-tac-toe', 'mcts');
    const over = page.locator('.status.over');
    while (!(await over.isVisible())) {
      await page.locator('.square.playable').first().click();
      await page.locator('.status.over, .status:has-text("Your turn.")').waitFor();
    }
    expect(await over.textContent()).toMatch(/^(You win|mcts wins|A draw): .+\.$/);
    expect(await page.getByRole('heading', { name: /^mcts played [abc][123]$/ }).count()).toBe(1);
    expect(await page.locator('.weighed tbody tr').count()).toBeGreaterThan(0);
  });

  test('Connect Four by the keyboard alone, from choosing it to its end', async () => {
    const page = await opened('');
    const { keyboard } = page;
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    const tabTo = async (wanted: () => Promise<boolean>) => {
      for (let presses = 0; !(await wanted()); presses++) {
        expect(presses).toBeLessThan(30);
        await keyboard.press('Tab');
      }
    };
    await tabTo(() => page.locator('#opponent:focus').isVisible());
    await keyboard.type('greedy');
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#play/connect-four/greedy');
    await tabTo(async () => (await focused()).startsWith('column'));
    const over = page.locator('.status.over');
    for (const column of 'bcdefgabcdefgabcdefgabcdefgabcdefgabcdefga') {
      await keyboard.press(column === 'a' ? 'Home' : 'ArrowRight');
      expect(await focused()).toContain(`column ${column}`);
      if (!(await focused()).includes('playable')) continue;
      await keyboard.press('Enter');
      await page.locator('.status.over, .status:has-text("Your turn.")').waitFor();
      if (await over.isVisible()) break;
    }
    expect(await over.textContent()).toMatch(/^(You win|greedy wins|A draw): .+\.$/);
  });

  test('a click on the very square where a stone would land counts every time', async () => {
    const page = await opened('');
    await choose(page, 'Connect Four', 'random');
    for (const [i, column] of ['a', 'd', 'g'].entries()) {
      await page.locator(`[aria-label^="column ${column}"][aria-label*="empty"]`).last().click();
      await expect.poll(() => stones(page)).toBe(2 * (i + 1));
    }
  });

  test('take back, switch seats, new game', async () => {
    const page = await opened('');
    await choose(page, 'Connect Four', 'random');
    await page.getByRole('gridcell', { name: 'column d row 1' }).click();
    await yourTurn(page);
    await page.getByRole('button', { name: 'Take back' }).click();
    await expect.poll(() => stones(page)).toBe(0);
    await page.getByRole('button', { name: 'Switch seats' }).click();
    await yourTurn(page);
    expect(await stones(page)).toBe(1);
    expect((await page.locator('.players').textContent())?.trim()).toMatch(/^random.*you$/);
    await page.getByRole('button', { name: 'New game' }).click();
    await yourTurn(page);
    expect(await stones(page)).toBe(1);
  });

  test('a match survives a reload and a look elsewhere, and can be looked back at', async () => {
    const page = await opened('');
    await choose(page, 'Connect Four', 'mcts');
    await page.getByRole('gridcell', { name: 'column d row 1' }).click();
    await yourTurn(page);
    const moves = () => page.locator('.moves button').allTextContents();
    const made = await moves();
    expect(made).toHaveLength(2);
    await page.reload();
    await page.getByRole('heading', { name: `mcts played ${made[1]}` }).waitFor();
    expect(await moves()).toEqual(made);
    await page.getByRole('link', { name: 'Ratings' }).click();
    await page.locator('.plot canvas').waitFor();
    await page.getByRole('link', { name: 'Play' }).click();
    await page.getByRole('heading', { name: `mcts played ${made[1]}` }).waitFor();
    expect(await page.getByLabel('Opponent').inputValue()).toBe('mcts');

    await page.getByRole('button', { name: 'Move 1: d' }).click();
    expect(await stones(page)).toBe(1);
    expect(await page.locator('.square.playable').count()).toBe(0);
    await page.getByRole('button', { name: 'Back to the game' }).click();
    await page.getByRole('button', { name: 'Show where it looked' }).click();
    expect(await page.locator('.leaning').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Show where it looked', pressed: true }).click();
    await yourTurn(page);
    expect(await stones(page)).toBe(2);
  });

  test('a choice of several squares is told, and can be taken back in three ways', async () => {
    const page = await opened('#play/breakthrough/random');
    const piece = page.getByRole('gridcell', { name: /^c7,/ });
    const chosen = page.locator('.square.chosen');
    for (const cancel of [
      () => page.getByRole('button', { name: 'Cancel' }).click(),
      () => page.keyboard.press('Escape'),
      () => piece.click(),
    ]) {
      await piece.click();
      await page.getByText('Now where to?').waitFor();
      expect(await page.locator('.square.playable').count()).toBe(3);
      await cancel();
      await expect.poll(() => chosen.count()).toBe(0);
      expect(await page.locator('.square.playable').count()).toBe(8);
    }
    await piece.click();
    await page.getByRole('gridcell', { name: /^c6,/ }).click();
    await page.locator('.status', { hasText: 'random played' }).waitFor();
    // Where both came from and went to.
    expect(await page.locator('.square.last').count()).toBe(1);
    expect(await page.locator('.square.left').count()).toBe(1);
  });

  test('Pig by the keyboard: the focus stays on the button, and keys make moves', async () => {
    const page = await opened('#play/pig:target=10/random');
    const made = () => page.locator('.moves li').count();
    const roll = page.getByRole('button', { name: /^roll/ });
    await roll.focus();
    await page.keyboard.press('Enter');
    await page.locator('.status.over, .status:has-text("Your turn.")').waitFor();
    expect(await roll.evaluate(button => button === document.activeElement)).toBe(true);
    const before = await made();
    await page.keyboard.press('h');
    await expect.poll(made).toBeGreaterThan(before);
  });

  test('Catch by arrow keys, from its start to its end', async () => {
    const page = await opened('#play/catch:rows=4,objects=8/random');
    await yourTurn(page);
    const ours = () => page.locator('.square:has(.paddle.seat0)').getAttribute('aria-label');
    const start = await ours();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(ours).not.toBe(start);
    while (!(await page.locator('.status.over').isVisible())) await page.keyboard.press('ArrowRight');
    expect(await page.locator('.caption').textContent()).toMatch(/^Tick (\d+) of \1\. Caught: \d and \d\.$/);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test('Skirmish by keys: a worker harvests, a base trains, and the caption tells whose order is next', async () => {
    const page = await opened('#play/skirmish/script:name=economy');
    const caption = page.locator('.caption');
    await yourTurn(page);
    expect(await caption.textContent()).toBe(
      'Tick 1 of 60. Ore in stock: 5. Score: 16, theirs 16. Order for the worker on a2.',
    );
    await page.keyboard.press('ArrowDown');
    await page.getByText('Order for the base on b2.').waitFor();
    await page.keyboard.press('d');
    await page.getByText(/Tick 2 of 60\. Ore in stock: 4\./).waitFor();
    expect(await page.locator('.corner').getAttribute('data-text')).toBe('2◆');
    expect(await page.locator('.square.fog').count()).toBeGreaterThan(20);
    const texts = await page.locator('.moves button').allTextContents();
    expect(texts.slice(0, 3)).toEqual(['harvest-s', 'train-worker-e', '?']);
  });

  test('what the other hides never reaches the page while the match goes on; at its end it is shown', async () => {
    const page = await opened('');
    const bodies: string[] = [];
    await page.route('**/api/deal', async route => {
      const response = await route.fetch();
      bodies.push(await response.text());
      await route.fulfill({ response });
    });
    await choose(page, 'Kuhn poker', 'random');
    await yourTurn(page);
    await page.reload();
    await yourTurn(page);
    expect(bodies.length).toBeGreaterThan(1);
    for (const body of bodies)
      expect(JSON.parse(body).answer).toMatchObject({ moves: [expect.any(String), '?'], thoughts: [] });
    expect(await page.evaluate(() => sessionStorage.getItem('match of kuhn-poker, 2'))).toMatch(
      /^\{"match":"[\w-]+","you":0\}$/,
    );
    expect(await page.locator('.playing-card.back').count()).toBe(1);
    await page.getByRole('button', { name: 'bet', exact: true }).click();
    await page.locator('.status.over').waitFor();
    expect(await page.locator('.playing-card.back').count()).toBe(0);
    expect(await page.locator('.thoughts').count()).toBe(1);
    await page.getByRole('button', { name: 'Take back' }).click();
    await yourTurn(page);
    expect(await page.locator('.playing-card.back').count()).toBe(1);
  });

  test("a language model's words, what they cost, and what became of them", async () => {
    const page = await opened('');
    await choose(page, 'Tic-tac-toe', 'llm');
    await page.getByRole('gridcell', { name: 'a1' }).click();
    await page.getByText('The centre is mine.').waitFor();
    expect(await page.locator('.words').allTextContents()).toEqual([
      expect.stringContaining('I take your corner.'),
      expect.stringContaining('The centre is mine.'),
    ]);
    expect(await page.locator('.words.fault').count()).toBe(1);
    expect(await page.locator('.cost').textContent()).toMatch(/240 tokens read .+ 16 written · missed before: illegal/);
    await page.getByRole('gridcell', { name: 'c1' }).click();
    await page.getByText('llm found no legal move (illegal) and forfeits: you win.').waitFor();
    expect(await page.locator('.square.playable').count()).toBe(0);
  });

  test('a boardgame.io game from a file, by mouse and by keyboard, and its logged match', async () => {
    const file = 'examples/subtract.js';
    const log = join(folder, 'guest.db');
    execFileSync(process.execPath, [swp, 'match', file, '--agents', 'random,random', '--quiet', '--log', log]);
    const program = spawn(process.execPath, [swp, 'serve', file, '--port', '0', '--no-open', '--log', log]);
    const [line] = (await once(program.stdout, 'data')) as [Buffer];
    const address = /http:\S+/.exec(String(line))![0];
    const page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage();
    const counters = async () => Number(/counters: (\d+)/.exec((await page.locator('.text').textContent())!)![1]);
    const last = page.locator('.status.over, .status:has-text("Your turn.")');
    const over = page.locator('.status.over');
    await page.goto(`${address}/random`);
    expect(await page.getByLabel('Game').locator(':checked').textContent()).toBe('Subtract');
    await page.getByRole('button', { name: 'take:3', exact: true }).click();
    await expect.poll(counters).toBeLessThan(17);
    await last.waitFor();
    await page.reload();
    await expect.poll(counters).toBeLessThan(17);
    await page.getByRole('button', { name: 'take:1', exact: true }).focus();
    while (!(await over.isVisible())) {
      await page.keyboard.press('Enter');
      await last.waitFor();
    }
    expect(await counters()).toBe(0);
    expect(await over.textContent()).toMatch(/^(You win|random wins): /);
    await page.getByText('How to play').click();
    await page.getByText('Whoever takes the last one wins.').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.goto(address.replace(/#.*/, '#matches/1'));
    await page.getByRole('heading', { name: 'Match 1: Subtract' }).waitFor();
    await page.getByRole('button', { name: 'Last position' }).click();
    await expect.poll(counters).toBe(0);
    await page.context().close();
    program.kill('SIGINT');
    await once(program, 'exit');
  });

  test('ratings and a logged match to step through', async () => {
    const page = await opened('#ratings');
    await page.locator('.plot canvas').waitFor();
    const rows = await page.locator('.ratings tbody th').allTextContents();
    expect(rows.toSorted()).toEqual(['greedy', 'mcts:simulations=50', 'random']);
    await page.getByRole('link', { name: 'Matches' }).click();
    await page.locator('.matches a').first().waitFor();
    expect(await page.locator('.matches li').count()).toBe(12);
    await page.locator('.matches a').first().click();
    await page.getByRole('button', { name: 'First position' }).click();
    expect(await stones(page)).toBe(0);
    await page.getByRole('button', { name: 'One move on' }).click();
    expect(await stones(page)).toBe(1);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    expect(await stones(page)).toBe(2);
    await page.getByRole('slider', { name: 'Position' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await stones(page)).toBe(3);
    await page.getByRole('button', { name: 'Last position' }).click();
    expect(await page.locator('.thoughts').count()).toBe(1);
  });

  test('a server that is gone is said, with a way to try again', async () => {
    const page = await opened('');
    await choose(page, 'Connect Four', 'random');
    await page.route('**/api/decide', route => route.abort());
    await page.getByRole('gridcell').first().click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('the server cannot be reached');
    await page.unroute('**/api/decide');
    await page.getByRole('button', { name: 'Try again' }).click();
    await yourTurn(page);
  });

  test('a report is one file that needs no server', async () => {
    const log = openLog(join(folder, 'log.db'));
    const entries = log.entries();
    log.close();
    const file = join(folder, 'report.html');
    await writeReport(file, { game: 'tic-tac-toe', standings: standingsOf(entries)!, entries });
    const page = await (await browser.newContext()).newPage();
    await page.goto(`file://${file}#match-5`);
    await page.locator('.plot canvas').waitFor();
    expect(await page.locator('.ratings tbody tr').count()).toBe(3);
    await page.getByRole('heading', { name: 'Match 5: Tic-tac-toe' }).waitFor();
    await page.getByRole('button', { name: 'Last position' }).click();
    const { record } = entries.find(({ id }) => id === 5)!;
    expect(await stones(page)).toBe(movesOf(record).length);
    await page.locator('.matches a').last().click();
    await page.getByRole('heading', { name: 'Match 1: Tic-tac-toe' }).waitFor();
  });

  test.each(['light', 'dark'] as const)('nothing that a reader of screens stumbles over, %s', async colorScheme => {
    for (const hash of PARTS) {
      const page = await settled(hash, { colorScheme });
      expect(await violations(page), `at '${hash}'`).toEqual([]);
      await page.context().close();
    }
  });

  test.each(catalog.map(({ game }) => game.name))(
    '%s on a phone: by touch, by keyboard, for screen readers',
    async name => {
      const page = await opened(`#play/${name}/random`, { viewport: { width: 360, height: 740 }, hasTouch: true });
      for (let i = 0; i < 3; i++) await move(page, target => target.tap({ timeout: 1000 }));
      for (let i = 0; i < 2; i++) {
        await move(page, async target => {
          await target.focus({ timeout: 1000 });
          await page.keyboard.press('Enter');
        });
      }
      await page.locator('.status.over, .status:has-text("Your turn.")').waitFor();
      expect(await page.locator('.moves li').count()).toBeGreaterThan(2);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await page.context().close();
    },
  );

  test('nothing is wider than a phone', async () => {
    for (const hash of PARTS) {
      const page = await settled(hash, { viewport: { width: 360, height: 740 } });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `at '${hash}'`).toBe(360);
      await page.context().close();
    }
  });
});
