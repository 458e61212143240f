// A list of tests that run one after another and say how they ended.

const results = [];

let picture = async () => {};

/** Takes a picture when a test fails; it is named by the test's first words. */
export function onFailure(take) {
  picture = take;
}

/** Runs one test; the sentence says what must hold. */
export async function test(sentence, body) {
  const began = Date.now();
  try {
    const note = await body();
    results.push({ sentence, ok: true });
    console.log(`ok      ${sentence} (${((Date.now() - began) / 1000).toFixed(1)} s)${typeof note === 'string' ? `: ${note}` : ''}`);
    return true;
  } catch (error) {
    results.push({ sentence, ok: false });
    await picture(sentence.slice(0, 40).replace(/\W+/g, '-')).catch(() => {});
    console.log(`not ok  ${sentence}\n        ${String(error.message).split('\n').slice(0, 6).join('\n        ')}`);
    return false;
  }
}

export function record(sentence, ok, note = '') {
  results.push({ sentence, ok });
  console.log(`${ok ? 'ok    ' : 'not ok'}  ${sentence}${note === '' ? '' : `: ${note}`}`);
}

/** Prints the sum and gives the exit code. */
export function summary() {
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 && results.length > 0 ? 0 : 1;
}

export function expect(condition, text) {
  if (!condition) throw new Error(text);
}
