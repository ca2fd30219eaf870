-- ends: no case of what is no UTF-8
return #('\255'):rep(8e6):upper()
