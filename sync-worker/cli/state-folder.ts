/** Where the worker keeps what it must find again, below the folder it is run in. */
export const STATE_FOLDER = '.founder-hq';
