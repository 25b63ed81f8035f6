const PROTOTYPES = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Date,
  Promise,
  Map,
  Error,
].map(({ prototype }) => prototype as object);

/** Gives a look that throws when anything has been added to a prototype that all share, or taken away, since. */
export function watchPrototypes(): () => void {
  const before = PROTOTYPES.map(namesOf);
  return () => {
    for (const [i, prototype] of PROTOTYPES.entries())
      if (namesOf(prototype) !== before[i])
        throw new Error(`a prototype was changed: ${namesOf(prototype)}`);
  };
}

const namesOf = (prototype: object): string => Reflect.ownKeys(prototype).map(String).join(' ');
