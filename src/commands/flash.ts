/** `swp distil` and `swp prune`: a smaller network that plays much like a snapshot. */

import { Command, Option } from 'commander';
import { DISTILLATION } from '../../agents/distil.ts';
import { InputError } from '../errors.ts';
import { examples, seedOption, wholeNumber } from '../options.ts';
import { distil, type Flash, prune } from '../train/flash.ts';

/** '0.1x' */
function shareOf(text: string): number {
  const share = Number(/^(\d*\.?\d+)x$/.exec(text)?.[1] ?? Number.NaN);
  if (share > 0 && share < 1) return share;
  throw new InputError(
    `--params must be a share of the snapshot's parameters above 0x and below 1x, as in 0.1x; not '${text}'`,
  );
}

const flashCommand = (
  name: string,
  description: string,
  usual: string,
  make: (flash: Flash) => Promise<void>,
): Command =>
  new Command(name)
    .description(description)
    .argument('<snapshot>', 'its folder, or the hash of one that ships')
    .addOption(new Option('--params <share>', 'of its parameters').argParser(shareOf).default(shareOf(usual), usual))
    .option(
      '--positions <n>',
      'positions that the snapshot judges, to be learned from',
      wholeNumber('--positions', 500, 10_000_000),
      DISTILLATION.positions,
    )
    .addOption(seedOption())
    .option('--out <folder>', 'where the snapshot goes', 'runs/flash')
    .addHelpText('after', examples(`${name} snapshots/connect-four/7ffcaf9e828f --params ${usual}`))
    .action((teacher: string, { params, ...rest }: Omit<Flash, 'teacher' | 'share'> & { readonly params: number }) =>
      make({ teacher, share: params, ...rest }),
    );

export const distilCommand = (): Command =>
  flashCommand('distil', 'train a smaller network to judge as a snapshot does', '0.1x', distil);

export const pruneCommand = (): Command =>
  flashCommand('prune', 'take the filters out of a snapshot that do least, and train what is left', '0.5x', prune);
