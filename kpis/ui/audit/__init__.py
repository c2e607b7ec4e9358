"""The page Nhật ký: who signed in, sealed, downloaded, was refused; whether its lines continue each other."""
