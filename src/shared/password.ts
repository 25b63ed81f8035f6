const SHOWN = '<password>';

/**
 * A hashed password, as `Password.hash` gives it and as a `t.Password` field holds it. Opaque: printing it, turning it
 * into JSON or into text shows `<password>`. Compare a candidate with `Password.check`.
 */
export class HashedPassword {
  readonly #hash: string;

  constructor(hash: string) {
    this.#hash = hash;
    Object.freeze(this);
  }

  /** The argon2id text: for storing only, never for showing. */
  static reveal(password: HashedPassword): string {
    return password.#hash;
  }

  /** `<password>`. */
  toString(): string {
    return SHOWN;
  }

  /** `<password>`. */
  toJSON(): string {
    return SHOWN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}
