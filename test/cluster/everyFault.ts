/** Whether faults are done that take minutes each, of which a run of the suite has the time for a few. */
export const everyFault = process.env.ROLLBACK_STACKS_EVERY_FAULT !== undefined;

/** Why the others are left out. */
export const howEvery = "takes minutes; ROLLBACK_STACKS_EVERY_FAULT=1 npm test -- cluster does every fault";
