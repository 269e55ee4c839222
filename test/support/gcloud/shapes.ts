import * as z from 'zod';
import { grantKey, type Resources } from './deploy.ts';

/** Converters of Terraform's resources. Each knows every attribute that the module gives: another one is an error. */

export type Convert = (values: unknown) => Resources;

export const converter =
  <Shape extends z.ZodRawShape>(
    shape: Shape,
    convert: (values: z.output<z.ZodObject<Shape>>) => Resources,
  ): Convert =>
  (values) =>
    convert(z.strictObject(shape).parse(values));

export const text = z.string();
export const count = z.number();
export const one = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.tuple([z.strictObject(shape)]).transform(([each]) => each);
export const maybe = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .array(z.strictObject(shape))
    .default([])
    .transform(([each]) => each);
/** Attributes that Terraform sets for variables that have no counterpart here. */
export const common = {
  project: text.optional(),
  labels: z.strictObject({}).optional(),
  kms_key_name: z.null().optional(),
};
export const none = z.tuple([]).optional();
export const short = (path: string): string => path.split('/').at(-1) ?? path;

const condition = maybe({ title: text, expression: text });
export const grantOn = (kind: string, target: string): Convert =>
  converter(
    { ...common, location: text.optional(), [target]: text, role: text, member: text, condition },
    (values) => {
      const on = text.parse(Reflect.get(values, target));
      return {
        [grantKey(kind, ['account', 'key'].includes(kind) ? short(on) : on, values.role, values.member)]:
          values.condition ?? {},
      };
    },
  );
