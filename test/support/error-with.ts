/** For `toThrow`: an error that has these members, whatever else it has. */
export const errorWith = (members: object): Error => expect.objectContaining(members) as Error;
