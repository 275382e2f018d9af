/** A property that fails has noticed the mutant: nobody wants to know the smallest example of it. */
import fc from "fast-check";

fc.configureGlobal({ endOnFailure: true });
