-- timeout: a loop whose condition never comes
repeat local x = 1 until x == 2
