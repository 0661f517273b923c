"""The process that runs a page: started or forked, told of blocks, watched, and heard."""
