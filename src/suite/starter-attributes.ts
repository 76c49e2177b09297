/** What `init` tells git about goldens and lock, so that they come out of a checkout as they were recorded. */

/** Text of `.gitattributes` beside the suite; its patterns are relative to that folder. */
export const starterAttributes = `# Goldens are compared byte for byte with the digests in the lock: git leaves their line ends alone (-text), shows them as
# text in every diff, and never merges two recordings into one that nobody has recorded (-merge: choose a side, then record).
goldens/** -text diff -merge linguist-generated=false
*.lock.yml -text diff -merge linguist-generated=false
schemas/** linguist-generated=true
`;
