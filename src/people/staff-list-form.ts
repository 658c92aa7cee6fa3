/** Whether the tick is set that says: so many people have really left. Asked for only where many would be marked. */
export function parseTakeForm(body: unknown): { leaversConfirmed: boolean } {
  const { leavers } = (body ?? {}) as Record<string, unknown>;
  return { leaversConfirmed: leavers === 'yes' };
}
