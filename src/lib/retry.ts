/** PostgreSQL ended one of two transactions that waited for each other; nothing of it is left, so it may be tried again. */
function isDeadlock(error: unknown): boolean {
  return error instanceof Error && (error as Error & { code?: string }).code === '40P01';
}

/** Runs a whole transaction, and once or twice more if the database ended it to free another. */
export async function retryDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
  for (let left = 2; ; left -= 1) {
    try {
      return await transaction();
    } catch (error) {
      if (left === 0 || !isDeadlock(error)) throw error;
    }
  }
}
