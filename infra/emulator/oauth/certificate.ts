import { createPublicKey, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';

/**
 * A self-signed X.509 certificate of an RSA key: the form in which Google publishes its keys at `/oauth2/v1/certs`. Node can read
 * certificates, and cannot make them. https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */

function encode(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length.toString(16);
  const length =
    body.length < 0x80
      ? Buffer.from([body.length])
      : Buffer.from(
          (0x80 + Math.ceil(size.length / 2)).toString(16) +
            size.padStart(Math.ceil(size.length / 2) * 2, '0'),
          'hex',
        );
  return Buffer.concat([Buffer.from([tag]), length, body]);
}

const sequence = (...content: readonly Buffer[]): Buffer => encode(0x30, ...content);
const integer = (value: Buffer): Buffer => encode(0x02, value);
const bits = (value: Buffer): Buffer => encode(0x03, Buffer.from([0]), value);
const time = (date: Date): Buffer =>
  encode(0x18, Buffer.from(date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')));

/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11. */
const ALGORITHM = sequence(Buffer.from('06092a864886f70d01010b0500', 'hex'));
/** commonName, 2.5.4.3. */
const COMMON_NAME = Buffer.from('0603550403', 'hex');

const nameOf = (commonName: string): Buffer =>
  sequence(encode(0x31, sequence(COMMON_NAME, encode(0x0c, Buffer.from(commonName)))));

/** Returns a certificate in PEM, valid from 2020 to 2099. */
export function certificateOf(privateKey: KeyObject, commonName: string): string {
  const name = nameOf(commonName);
  // A serial number is positive and not zero.
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const signed = sequence(
    encode(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ALGORITHM,
    name,
    sequence(time(new Date('2020-01-01')), time(new Date('2099-12-31'))),
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
  );
  const certificate = sequence(signed, ALGORITHM, bits(sign('sha256', signed, privateKey)));
  return new X509Certificate(certificate).toString();
}
