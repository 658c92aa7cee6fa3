import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';

export type Helpers = Record<string, Handlebars.HelperDelegate>;
/** What helpers and templates see as `@name`, beside the model. */
export type TemplateData = Record<string, unknown>;

export type Templates = {
  readonly names: readonly string[];
  has(name: string): boolean;
  render(name: string, model: unknown, data?: TemplateData): string;
};

type Options = {
  /** The folder whose *.hbs are compiled; a template's name is its path without the ending. */
  folder?: string;
  /** Subfolders to leave out. */
  except?: readonly string[];
  /** Makes the helpers; `render` lets a block helper fill a partial. */
  helpers: (render: Templates['render']) => Helpers;
  /** In tests: printing a field that the model doesn't have throws instead of printing nothing. */
  strict?: boolean;
  /** Asked at boot for each helper call with a literal first argument: an unknown path or icon fails the boot. */
  checkLiteral?: (helper: string, literal: string) => void;
};

const defaultFolder = fileURLToPath(new URL('../../views/', import.meta.url));

/**
 * Compiles every template at boot, so that an unknown helper or partial and a template that can't be parsed stop the start
 * with the file's name, instead of the first visitor. Partials see their parameters only, never the page's model:
 * a page that happens to have a `hint` doesn't change a form.
 */
export function createTemplates(options: Options): Templates {
  const folder = options.folder ?? defaultFolder;
  const sources = readSources(folder, options.except ?? []);
  const engine = Handlebars.create();
  const render: Templates['render'] = (name, model, data) => {
    const template = compiled.get(name);
    if (!template) throw new Error(`There is no template views/${name}.hbs`);
    return template(model, data ? { data } : undefined);
  };
  const helpers = options.helpers(render);
  engine.registerHelper(helpers);
  const partialNames = new Set([...sources.keys()].filter((name) => name.startsWith('partials/')).map(partialName));
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  for (const [name, source] of sources) {
    try {
      compiled.set(name, compile(engine, name, source, { ...options, helpers, partialNames }));
    } catch (error) {
      throw new Error(`views/${name}.hbs: ${(error as Error).message}`);
    }
  }
  for (const [name, template] of compiled)
    if (name.startsWith('partials/')) engine.registerPartial(partialName(name), template);
  return { names: [...compiled.keys()], has: (name) => compiled.has(name), render };
}

function partialName(name: string): string {
  return name.slice('partials/'.length);
}

function readSources(folder: string, except: readonly string[]): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.hbs'));
  const sources = new Map<string, string>();
  for (const file of files.sort()) {
    const path = join(folder, file);
    const name = relative(folder, path).split(sep).join('/').slice(0, -'.hbs'.length);
    if (!except.some((part) => name.startsWith(`${part}/`))) sources.set(name, readFileSync(path, 'utf8'));
  }
  return sources;
}

type CompileContext = Omit<Options, 'helpers'> & { helpers: Helpers; partialNames: ReadonlySet<string> };

function compile(engine: typeof Handlebars, name: string, source: string, context: CompileContext) {
  const plain = /\.(subject|text)$/.test(name);
  // Indentation is for whoever reads the template: the browser needn't fetch it. Plain text keeps every space.
  const program = engine.parse(plain ? source : source.replace(/\n[ \t]+/g, '\n'));
  new LiteralCheck(context).accept(program);
  const knownHelpers = Object.fromEntries(Object.keys(context.helpers).map((helper) => [helper, true]));
  const code = engine.precompile(program, {
    knownHelpers,
    knownHelpersOnly: true,
    strict: context.strict === true,
    noEscape: plain,
    preventIndent: true,
    explicitPartialContext: true,
  });
  // engine.compile would put the work, and so the error, off until the first visitor.
  return engine.template(new Function(`return ${code}`)());
}

class LiteralCheck extends Handlebars.Visitor {
  readonly #context: CompileContext;

  constructor(context: CompileContext) {
    super();
    this.#context = context;
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    const name = (partial.name as hbs.AST.PathExpression).original;
    if (partial.name.type === 'PathExpression' && !this.#context.partialNames.has(name)) {
      throw new Error(`there is no partial "${name}" (line ${partial.loc.start.line})`);
    }
    super.PartialStatement(partial);
  }

  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    this.#check(mustache);
    super.MustacheStatement(mustache);
  }

  override SubExpression(expression: hbs.AST.SubExpression): void {
    this.#check(expression);
    super.SubExpression(expression);
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    this.#check(block);
    super.BlockStatement(block);
  }

  #check(call: { path: hbs.AST.Expression; params: hbs.AST.Expression[]; loc: hbs.AST.SourceLocation }): void {
    const helper = (call.path as hbs.AST.PathExpression).original;
    const first = call.params[0];
    if (helper === 'wrap' && first?.type === 'StringLiteral') {
      const name = (first as hbs.AST.StringLiteral).value;
      if (!this.#context.partialNames.has(name))
        throw new Error(`there is no partial "${name}" (line ${call.loc.start.line})`);
    }
    if (call.params.length > 0 && call.path.type === 'PathExpression' && !this.#known(helper)) {
      throw new Error(`there is no helper "${helper}" (line ${call.loc.start.line})`);
    }
    if (first?.type !== 'StringLiteral' || !this.#context.checkLiteral) return;
    this.#context.checkLiteral(helper, (first as hbs.AST.StringLiteral).value);
  }

  #known(helper: string): boolean {
    return helper in this.#context.helpers || ['if', 'unless', 'each', 'with', 'lookup', 'log'].includes(helper);
  }
}
