import { InvalidInputError } from '../shared/errors';
import { payloadConverter } from '../shared/payload-converter';
import { inspectValue } from '../shared/storable';

/** Adds up the size of a result while it is read, so that one that is too large is refused before it fills the memory. */
export class ResultBudget {
  private bound = 0;
  private exact: number | undefined;
  private readonly uncounted: unknown[] = [];

  constructor(
    private readonly limit: number,
    private readonly what: string,
    private readonly instead: string,
  ) {}

  /** @throws {InvalidInputError} code `value_too_large` */
  add(value: unknown): void {
    if (!this.fits(value)) throw this.tooLarge();
  }

  /** Adds `value`; false once the sum is over the limit. */
  fits(value: unknown): boolean {
    if (this.exact === undefined) {
      this.uncounted.push(value);
      this.bound += inspectValue(value, this.what).maxBytes;
      if (this.bound <= this.limit) return true;
      // The bound is generous: from here on, count.
      this.exact = this.uncounted.reduce<number>((sum, v) => sum + bytesOf(v), 0);
      this.uncounted.length = 0;
    } else {
      this.exact += bytesOf(value);
    }
    return this.exact <= this.limit;
  }

  private tooLarge(): InvalidInputError {
    return new InvalidInputError(
      'value_too_large',
      `${this.what} is larger than ${this.limit} bytes (2 MB), the most one step can return; use ${this.instead} instead`,
      { details: { limit: this.limit } },
    );
  }
}

const bytesOf = (value: unknown): number => payloadConverter.toPayload(value).data?.length ?? 0;
