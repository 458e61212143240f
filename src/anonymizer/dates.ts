/**
 * Dates by integer arithmetic on days: no clock, no time zone, the same on every machine.
 * Shapes are those of PS3.5 Table 6.2-1; what does not have them is not shifted, and so cannot be kept.
 */

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

function dateOf(days: number): { year: number; month: number; day: number } {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
}

function monthHas(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}

/** A moved date as YYYYMMDD, or undefined where it is no date or leaves the years 0001 to 9999. */
function moved(year: number, month: number, day: number, offsetDays: number): string | undefined {
  if (!monthHas(year, month, day)) return undefined;
  const to = dateOf(daysOf(year, month, day) + offsetDays);
  if (to.year < 1 || to.year > 9999) return undefined;
  return `${pad(to.year, 4)}${pad(to.month, 2)}${pad(to.day, 2)}`;
}

const pad = (value: number, digits: number) => String(value).padStart(digits, '0');

const DA = /^(\d{4})(\d{2})(\d{2})$/;
/** The form of ACR-NEMA, which PS3.5 asks readers to accept; written in the form of today. */
const OLD_DA = /^(\d{4})\.(\d{2})\.(\d{2})$/;

/** One DA value moved by whole days, or undefined where it is not a date. */
export function shiftDate(value: string, offsetDays: number): string | undefined {
  const match = DA.exec(value.trim()) ?? OLD_DA.exec(value.trim());
  return match === null ? undefined : moved(Number(match[1]), Number(match[2]), Number(match[3]), offsetDays);
}

const TIME = '(?:[01]\\d|2[0-3])(?:[0-5]\\d(?:(?:[0-5]\\d|60)(?:\\.\\d{1,6})?)?)?';
const DT = new RegExp(`^(\\d{4})(?:(\\d{2})(?:(\\d{2})(${TIME})?)?)?([+-]\\d{4})?$`);

/**
 * One DT value moved by whole days: time, fraction and offset from UTC stay as they are, and so does the precision.
 * A value without day or month is moved from the middle of what it names.
 */
export function shiftDateTime(value: string, offsetDays: number): string | undefined {
  const match = DT.exec(value.trim());
  if (match === null) return undefined;
  const [, year, month, day, time, zone] = match;
  const date = moved(Number(year), Number(month ?? '07'), Number(day ?? (month === undefined ? '01' : '15')), offsetDays);
  if (date === undefined) return undefined;
  const precision = day !== undefined ? 8 : month !== undefined ? 6 : 4;
  return `${date.slice(0, precision)}${time ?? ''}${zone ?? ''}`;
}

const TM = new RegExp(`^${TIME}$`);
const OLD_TM = /^(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d{1,6})?)?$/;

/** A time of day, in the form of today or of ACR-NEMA. */
export function isTime(value: string): boolean {
  return TM.test(value.trim()) || OLD_TM.test(value.trim());
}
