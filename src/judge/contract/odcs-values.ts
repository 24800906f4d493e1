import { z } from 'zod';

/** Values that stand in many places of the standard. */
export const text = z.string();
export const stableId = z.string().regex(/^[A-Za-z0-9_-]+$/u, 'expected letters, digits, _ and - only');
export const tags = z.array(text);
export const uri = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S*$/u, 'expected a URI such as s3://bucket/prefix/');
export const dateTime = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/u,
    'expected a date and time with offset',
  );
export const date = z.string().regex(/^\d{4}-\d\d-\d\d$/u, 'expected a date, yyyy-MM-dd');
export const scalar = z.union([text, z.number(), z.boolean(), z.null()]);

export const authoritativeDefinition = z.strictObject({
  id: stableId.optional(),
  url: text,
  type: text,
  description: text.optional(),
});
export const authoritativeDefinitions = z.array(authoritativeDefinition);
export const customProperty = z.strictObject({
  id: stableId.optional(),
  property: text,
  value: z.unknown().refine((value) => value !== undefined, 'expected a value'),
  description: text.optional(),
  vendor: text.optional(),
});
export const customProperties = z.array(customProperty);

/** What nearly every object of the standard may carry. */
export const described = {
  id: stableId.optional(),
  tags: tags.optional(),
  customProperties: customProperties.optional(),
  authoritativeDefinitions: authoritativeDefinitions.optional(),
};

export const number = z.number();
