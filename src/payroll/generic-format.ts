import { type CsvCell, number } from '../lib/csv.ts';
import { toDecimal } from '../lib/money.ts';
import { type Line, lineDescription, type Run } from './payroll.ts';

/** What a company sets for its payroll file. Empty cells say "not set". */
export type GenericSettings = {
  readonly companyCode: string;
  readonly payCode: string;
  readonly basis: 'gross' | 'net';
  readonly decimalSign: '.' | ',';
  readonly delimiter: ',' | ';' | '\t';
  readonly bom: boolean;
};

export const GENERIC_DEFAULTS: GenericSettings = {
  companyCode: '',
  payCode: 'REFERRAL_BONUS',
  basis: 'gross',
  decimalSign: '.',
  delimiter: ',',
  bom: false,
};

export type ExportedLine = Line & { readonly lineNo: number; readonly costCentre: string };

type Source = {
  readonly run: Pick<Run, 'id' | 'period'>;
  readonly line: ExportedLine;
  readonly settings: GenericSettings;
};

type Column = { readonly name: string; readonly cell: (source: Source) => CsvCell };

/** The generic format as data: every column, in its order, and where its cell comes from. No candidate's name anywhere. */
export const GENERIC_COLUMNS: readonly Column[] = [
  { name: 'run_id', cell: ({ run }) => run.id },
  { name: 'line_no', cell: ({ line }) => line.lineNo },
  { name: 'line_id', cell: ({ line }) => line.id },
  { name: 'bonus_id', cell: ({ line }) => line.bonusId },
  { name: 'staff_number', cell: ({ line }) => line.staffNumber },
  { name: 'company_code', cell: ({ settings }) => settings.companyCode },
  { name: 'pay_code', cell: ({ settings }) => settings.payCode },
  { name: 'amount', cell: ({ line, settings }) => number(toDecimal(line.amount, settings.decimalSign)) },
  { name: 'currency', cell: ({ line }) => line.amount.currency },
  { name: 'basis', cell: ({ settings }) => settings.basis },
  { name: 'pay_period', cell: ({ run }) => run.period },
  { name: 'cost_centre', cell: ({ line }) => line.costCentre },
  { name: 'description', cell: ({ line }) => lineDescription(line) },
  { name: 'awarded_on', cell: ({ line }) => line.awardedOn.toString() },
  { name: 'reverses_line_id', cell: ({ line }) => line.reversesLineId },
];

export function genericHeader(): string[] {
  return GENERIC_COLUMNS.map((column) => column.name);
}

export function genericRow(source: Source): CsvCell[] {
  return GENERIC_COLUMNS.map((column) => column.cell(source));
}
