const email = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
// Nine digits or more that stand alone: what is part of an id or a digest does not.
const phone = /(?<![\w.-])\+?\d{9,15}(?![\w-])/g;

/** A text with e-mail addresses and phone numbers made unrecognisable, for logs (row E9): `+120******00`, `a***@example.com`. */
export function maskPersonalData(text: string): string {
  return text
    .replace(email, (address) => `${address[0]}***@${address.split("@")[1]}`)
    .replace(phone, (number) => `${number.slice(0, 4)}${"*".repeat(number.length - 6)}${number.slice(-2)}`);
}
