export type EmbeddedPostgres = { readonly url: string; stop(): Promise<void> };
export async function openEmbeddedPostgres(_dataDir: string): Promise<EmbeddedPostgres> {
  throw new Error('not yet');
}
