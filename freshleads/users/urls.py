"""Paths of signing in, and of a person's settings."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from freshleads.users import views

app_name = "users"

urlpatterns = [
    path("login", views.log_in, name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("link/<str:uid>/<str:token>", views.use_link, name="use_link"),
    path("password-reset", views.PasswordReset.as_view(), name="password_reset"),
    path("password-reset/sent", views.PasswordResetSent.as_view(), name="password_reset_done"),
    path(
        "password-reset/<uidb64>/<token>",
        views.PasswordResetConfirm.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "password-reset/done",
        views.PasswordResetComplete.as_view(),
        name="password_reset_complete",
    ),
    path("settings/profile", views.profile, name="profile"),
    path("settings/password", views.ChangePassword.as_view(), name="password"),
    path("settings/keys", views.api_keys, name="api_keys"),
    path("settings/keys/<str:public_id>/revoke", views.revoke_api_key, name="revoke_key"),
]
