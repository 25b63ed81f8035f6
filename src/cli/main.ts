export async function main(argv: string[]): Promise<void> {
  await Promise.resolve(argv);
}
