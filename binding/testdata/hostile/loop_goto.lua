-- timeout: a jump back
::again:: goto again
