/** Characters of a charge's description; whoever sends it appends its id. */
export const mostDescription = 200;
