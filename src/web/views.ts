import { createTemplates, type Templates } from '../lib/templates.ts';
import type { Words } from '../lib/words.ts';
import { checkLiteral, viewHelpers } from './view-helpers.ts';

export type Views = Templates;

/** Compiles every page and partial (the mail room compiles its letters itself). In tests `strict` makes a misspelt field throw. */
export function createViews(options: { words: Words; timeZone: string; strict?: boolean; folder?: string }): Views {
  return createTemplates({
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    except: ['emails'],
    strict: options.strict ?? false,
    helpers: (render) => viewHelpers(options.words, options.timeZone, render),
    checkLiteral,
  });
}
