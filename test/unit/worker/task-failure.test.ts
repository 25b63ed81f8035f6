import { reasonOfTaskFailure } from '../../../src/worker/task-failure';

// As Temporal's worker logs it
const logged = (message: string): string =>
  `Failure { failure: Some(Failure { message: "${message}", source: "TypeScriptSDK", stack_trace: "Error: x\\n    at app.ts:4:8", cause: Some(Failure { message: "inner", cause: None }) }), force_cause: Unspecified }`;

test.each([
  ['Unhandled Promise rejection: Error: no', 'Unhandled Promise rejection: Error: no'],
  [String.raw`say \"no\"`, 'say "no"'],
  [String.raw`one\ntwo \\ three`, 'one\ntwo \\ three'],
  [String.raw`it\'s \u{1b}[31m`, "it's \u001b[31m"],
])('the outermost message: %s', (written, read) => {
  expect(reasonOfTaskFailure(logged(written))).toBe(read);
});

test('a long one is cut', () => {
  expect(reasonOfTaskFailure(logged('x'.repeat(10_000)))).toHaveLength(300);
});

test.each([undefined, '', 'Failure { failure: None }', logged('')])('none in %s', (failure) => {
  expect(reasonOfTaskFailure(failure)).toBeUndefined();
});
