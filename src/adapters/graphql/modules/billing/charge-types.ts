import { Field, Int } from 'type-graphql';
import { type ChargeKind, type ChargeStatus, chargeKinds, chargeStatuses } from '../../../../core/billing/index.js';
import type { Interval } from '../../../../core/catalog/index.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { NodeType } from '../../relay/view-type.js';
import { Intervals } from '../catalog/types.js';
import { CreatedAtField, MomentField, TextField, VersionField } from '../fields.js';
import { enumOf } from '../lifecycle.js';

export const ChargeKinds = enumOf<ChargeKind>(
  'ChargeKind',
  chargeKinds,
  'Billed every period, once because somebody asked, or for a part of a period.',
);
export const ChargeStatuses = enumOf<ChargeStatus>('ChargeStatus', chargeStatuses, 'Where a charge stands.');

@NodeType('Charge', 'An amount to be billed for a tenant.')
export class ChargeType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => ChargeKinds, { description: 'What it came from.' })
  kind!: ChargeKind;

  @Field(() => ChargeStatuses, {
    description: 'Where it stands; `CANCELED` with `cancelDueAt` while the marketplace must still be told.',
  })
  status!: ChargeStatus;

  @TextField('What the bill says.')
  description!: string;

  @TextField('How many units, as a decimal with up to two places.')
  units!: string;

  @MomentField('When the time it is for begins; null when it is for no time in particular.')
  periodStartsAt!: string | null;

  @MomentField('The first moment after the time it is for.')
  periodEndsAt!: string | null;

  @Field(() => Boolean, { description: 'A cost passed through: the marketplace takes no commission.' })
  thirdParty!: boolean;

  @Field(() => Intervals, { nullable: true, description: 'How often a recurring one is billed; null for others.' })
  interval!: Interval | null;

  @MomentField('From when on a recurring one is billed; null for others.')
  startsAt!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many seats a recurring one is for; null for others.' })
  seats!: number | null;

  @MomentField('When it was withdrawn; null while it stands.')
  canceledAt!: string | null;

  @MomentField('Since when the marketplace is to be told that it was withdrawn; null when there is nothing to tell.')
  cancelDueAt!: string | null;

  @TextField('The id of the bill where it was billed; empty before.')
  externalId!: string;

  @MomentField('When sending began; null before. From then on a bill may be there although none is known.')
  attemptedAt!: string | null;

  @TextField('Why the last try failed, or why it was refused; empty otherwise.')
  failure!: string;
}
registerNodeType('charge', 'Charge');

export const ChargeConnection = connectionOf('Charge', () => ChargeType);
export const ChargeListArgs = readerListArgs('Charge', 'charges', {
  kind: { enum: 'ChargeKind', values: ChargeKinds },
  status: { enum: 'ChargeStatus', values: ChargeStatuses },
});
