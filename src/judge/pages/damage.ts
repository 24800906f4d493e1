/** Bytes of a page that are not what its header, its chunk or the format says: no reader gets the right values from them. */
export class DamagedPage extends Error {}

/** A page that may be sound, and that is not looked into: it is larger than the limits, or written in a way not read here. */
export class UnreadPage extends Error {}
