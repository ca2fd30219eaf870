-- ends: strings with many escapes
return #'\255\254\\\'\065'
