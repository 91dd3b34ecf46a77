import type { Instance } from '../../../../../core/provisioning/index.js';
import type { Unit } from '../../../../../core/repositories.js';
import type { Tenant } from '../../../../../core/tenancy/index.js';
import type { MaestranoChannel } from '../../connection.js';
import type { Fields, JsonObject } from '../paths.js';

/** Whose data is meant: one group of a marketplace. */
export interface SharingPlace {
  readonly channel: MaestranoChannel;
  readonly instance: Instance;
  readonly tenant: Tenant;
  /** Theirs of the group. */
  readonly uid: string;
}

/** Something here as Connec! is told it. */
export interface SharedObject {
  /** Under which id Connec! knows it as ours. */
  readonly ownId: string;
  readonly fields: Fields;
}

/** How the records of one collection of Connec! and what stands for them here are made of each other. */
export interface SharedCollection {
  /** As Connec! spells it; also the key of its entities. */
  readonly name: string;
  /** `in`: only taken over from Connec!; `out`: only told to it. */
  readonly direction: 'both' | 'in' | 'out';
  /** There is one record, without an id in its address. */
  readonly singular: boolean;
  /** Sets of their fields by which Connec! finds a record it has already, instead of making another. */
  readonly matchingFields?: readonly (readonly string[])[] | undefined;

  /** The fields of an entity that are shared, by path. */
  pick(entity: JsonObject): Fields;
  /** An entity made of such fields. */
  render(fields: Fields): JsonObject;
  /** What is told of one of ours; undefined = it is not of this group, or no longer. */
  toConnec(tx: Unit, place: SharingPlace, id: string): Promise<SharedObject | undefined>;
  /** Ids of all there are, in ascending order. */
  list(tx: Unit, place: SharingPlace): Promise<string[]>;
  /** Which of ours Connec! means by the id we told it, within this group alone. */
  findOwn(tx: Unit, place: SharingPlace, ownId: string): Promise<string | undefined>;
  /** One of ours that is the same as a record we do not know by its id yet. */
  match(tx: Unit, place: SharingPlace, fields: Fields): Promise<string | undefined>;
  /** Makes one of a record of Connec!; its id. Throws `DomainError`. */
  create(tx: Unit, place: SharingPlace, fields: Fields, connecId: string): Promise<string>;
  /** Takes over the fields that have changed there; what cannot be kept here stays as it is. Throws `DomainError`. */
  update(tx: Unit, place: SharingPlace, id: string, fields: Fields): Promise<void>;
  /**
   * Connec! says that one of ours is the record another one here was made of: takes the other away, if it is nothing but that. False
   * = both stay.
   */
  merge?(tx: Unit, place: SharingPlace, otherId: string, connecId: string): Promise<boolean>;
}
