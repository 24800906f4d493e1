import type { Path } from './document.ts';

/** Legal keys by the mapping that they stand in, for suggestions: nearest container word first. */
const KEYS: Readonly<Record<string, string>> = {
  document:
    'apiVersion kind id name version status tenant domain dataProduct tags description servers schema support price team roles slaDefaultElement slaProperties authoritativeDefinitions customProperties contractCreatedTs',
  schema:
    'id name physicalName physicalType logicalType description businessName dataGranularityDescription tags properties relationships quality authoritativeDefinitions customProperties deprecated synonyms context',
  properties:
    'id name physicalName physicalType description businessName tags customProperties authoritativeDefinitions primaryKey primaryKeyPosition logicalType logicalTypeOptions required unique partitioned partitionKeyPosition classification encryptedName transformSourceObjects transformLogic transformDescription examples criticalDataElement relationships quality properties items map deprecated enum synonyms semanticType context',
  quality:
    'id name description type metric dimension severity businessImpact method unit schedule scheduler tags customProperties authoritativeDefinitions arguments rule query engine implementation mustBe mustNotBe mustBeGreaterThan mustBeGreaterOrEqualTo mustBeLessThan mustBeLessOrEqualTo mustBeBetween mustNotBeBetween',
  servers:
    'id server type description environment roles customProperties location account database format endpointUrl delimiter schema catalog regionName stagingDir workgroup host port project dataset warehouse path region stream serviceName',
  customProperties: 'id property value description vendor',
  support: 'id channel url description tool scope invitationUrl customProperties',
  roles: 'id role description access firstLevelApprovers secondLevelApprovers customProperties',
  team: 'id name description members tags customProperties authoritativeDefinitions',
  members: 'id username name description role dateIn dateOut replacedByUsername tags customProperties',
  slaProperties: 'id property value valueExt unit element driver description scheduler schedule',
  authoritativeDefinitions: 'id url type description',
  relationships: 'type from to customProperties',
  price: 'id priceAmount priceCurrency priceUnit',
};

const SAME_AS: Readonly<Record<string, string>> = {
  items: 'properties',
  key: 'properties',
  value: 'properties',
};

/** The legal keys of the mapping at a path. */
export function keysAt(path: Path): readonly string[] {
  const container = path.findLast((step) => typeof step === 'string');
  const word = container === undefined ? 'document' : String(container);
  return (KEYS[SAME_AS[word] ?? word] ?? '').split(' ').filter((key) => key !== '');
}
